"""Reading listings that are no web pages: feeds, sitemaps, tables, the answers of open-data portals.

Pure functions from the bytes of a listing to its entries. What is no listing of its kind raises `Unreadable`, whose
sentence goes on after the address: "… is a web page, no feed".
"""
