CREATE TABLE review (
	id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	product_id varchar(60) NOT NULL,
	stars smallint NOT NULL CHECK (stars BETWEEN 1 AND 5),
	text varchar(1000) NOT NULL
);

CREATE INDEX review_of_product ON review (product_id, id);
