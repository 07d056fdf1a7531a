"""What the user can do: one table of rows, from which menus, toolbar and shortcuts are made."""
