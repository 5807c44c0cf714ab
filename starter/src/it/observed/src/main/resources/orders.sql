CREATE TABLE IF NOT EXISTS event (happened timestamptz NOT NULL, text varchar(100)) PARTITION BY RANGE (happened);
