"""The wire to 국세청: package, CMS, SOAP with attachments, WS-Security, and the client that speaks it.

Source: KEC 표준전자세금계산서 v3.0, 전송.
"""
