"""The city the demo shows, and the document it works by."""

CITY = "1503"
# The streets of the named accounts, and the one beside the first.
HOME, FAR, NEAR = "150302001", "150304011", "150302002"
MANDATE = "乌政〔2020〕17号"
