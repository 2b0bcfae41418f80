"""The city the demo shows, and the document it works by."""

CITY = "1503"
MANDATE = "乌政〔2020〕17号"
