"""거래처: who one sells to and buys from, and their people."""
