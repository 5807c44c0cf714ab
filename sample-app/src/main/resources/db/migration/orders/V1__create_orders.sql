CREATE TABLE orders (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	reference varchar(60) NOT NULL UNIQUE,
	total_in_cents bigint NOT NULL,
	placed_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE order_line (
	order_id bigint NOT NULL REFERENCES orders (id),
	product_id varchar(60) NOT NULL,
	quantity integer NOT NULL CHECK (quantity > 0),
	price_in_cents bigint NOT NULL,
	PRIMARY KEY (order_id, product_id)
);
