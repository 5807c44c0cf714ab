CREATE TABLE event (created date) PARTITION BY RANGE (created);
