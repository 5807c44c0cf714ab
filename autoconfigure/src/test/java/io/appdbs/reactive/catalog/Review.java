package io.appdbs.reactive.catalog;

import java.time.Instant;

import org.springframework.data.annotation.CreatedDate;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.mapping.Document;

@Document
public class Review {

	@Id
	private String id;

	private String text;

	@CreatedDate
	private Instant created;

	public Review(String text) {
		this.text = text;
	}

	public String getId() {
		return this.id;
	}

	public String getText() {
		return this.text;
	}

	public Instant getCreated() {
		return this.created;
	}

}
