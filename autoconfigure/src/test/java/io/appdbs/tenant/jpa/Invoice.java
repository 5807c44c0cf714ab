package io.appdbs.tenant.jpa;

import jakarta.persistence.Cacheable;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;

@Entity
@Cacheable
public class Invoice {

	@Id
	@GeneratedValue(strategy = GenerationType.SEQUENCE)
	private Long id;

	private String marker;

	protected Invoice() {
	}

	public Invoice(String marker) {
		this.marker = marker;
	}

	public Long getId() {
		return this.id;
	}

	public String getMarker() {
		return this.marker;
	}

}
