INSERT INTO stock (product_id, quantity)
VALUES ('espresso-cup', 40), ('moka-pot', 5), ('coffee-beans', 100);
