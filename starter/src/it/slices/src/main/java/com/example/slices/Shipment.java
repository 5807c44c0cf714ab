package com.example.slices;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;

@Entity
public class Shipment {

	@Id
	@GeneratedValue(strategy = GenerationType.IDENTITY)
	private Long id;

	private String town;

	protected Shipment() {
	}

	public Shipment(String town) {
		this.town = town;
	}

	public String getTown() {
		return this.town;
	}

}
