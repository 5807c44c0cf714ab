CREATE TABLE stock (
	product_id varchar(60) PRIMARY KEY,
	quantity integer NOT NULL CHECK (quantity >= 0)
);
