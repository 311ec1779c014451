"""Questions over many tickets for auditors: the log, reports, accesses, verification, export."""
