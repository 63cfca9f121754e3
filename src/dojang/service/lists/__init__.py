"""What every long list shares: filters, saved ones, chosen columns, totals, Excel."""
