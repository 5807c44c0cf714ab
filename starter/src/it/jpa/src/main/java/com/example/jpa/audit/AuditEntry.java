package com.example.jpa.audit;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

@Entity
@Table(name = "audit_entry")
public class AuditEntry {

	@Id
	private String message;

	protected AuditEntry() {
	}

	public AuditEntry(String message) {
		this.message = message;
	}

	public String getMessage() {
		return this.message;
	}

}
