"""What changes a workspace: functions that each check the right, lock, change and record in one transaction."""
