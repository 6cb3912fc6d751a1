namespace mishap {}
