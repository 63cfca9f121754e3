"""발행정보 요청: a counterparty fills in its own data, behind a link."""
