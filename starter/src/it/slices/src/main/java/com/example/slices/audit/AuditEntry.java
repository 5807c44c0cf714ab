package com.example.slices.audit;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;

@Entity
public class AuditEntry {

	@Id
	@GeneratedValue(strategy = GenerationType.IDENTITY)
	private Long id;

	private String text;

	protected AuditEntry() {
	}

	public AuditEntry(String text) {
		this.text = text;
	}

	public String getText() {
		return this.text;
	}

}
