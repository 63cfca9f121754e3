"""수정(세금)계산서: what a chain of documents stands at, what can be amended, and the documents that do it.

Source: 부가가치세법 제32조제7항, 시행령 제70조 (six reasons of the form, nine grounds of the decree);
for 계산서 소득세법 시행령 제212조제2항 and 법인세법 시행령 제164조, which apply the same.
"""
