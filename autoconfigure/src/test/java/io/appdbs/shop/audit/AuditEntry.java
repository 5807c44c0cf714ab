package io.appdbs.shop.audit;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;

@Entity
public class AuditEntry {

	@Id
	@GeneratedValue(strategy = GenerationType.IDENTITY)
	private Long id;

	private String whoDidIt;

	protected AuditEntry() {
	}

	public AuditEntry(String whoDidIt) {
		this.whoDidIt = whoDidIt;
	}

	public Long getId() {
		return this.id;
	}

	public String getWhoDidIt() {
		return this.whoDidIt;
	}

}
