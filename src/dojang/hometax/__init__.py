"""홈택스 (the tax office's web site): its lists read, and its file for issuing many at once made.

    lists   매출·매입 전자(세금)계산서 목록 as people download them → rows and findings
    bulk    invoices → rows of the 일괄발급 file

Both work on rows of cells: whoever opens or writes the files is somebody else. What is known of the layouts is data
(`lists.toml`, `bulk.toml`); no file of the site itself was at hand, so both say which facts were not verified.
"""
