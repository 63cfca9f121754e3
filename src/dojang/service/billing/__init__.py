"""발행정보 요청: a customer fills in its own billing data, behind a link."""
