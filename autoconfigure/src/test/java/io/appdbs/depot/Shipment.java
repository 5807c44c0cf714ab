package io.appdbs.depot;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;

@Entity
public class Shipment {

	@Id
	@GeneratedValue(strategy = GenerationType.SEQUENCE)
	private Long id;

	protected Shipment() {
	}

	public static Shipment create() {
		return new Shipment();
	}

	public Long getId() {
		return this.id;
	}

}
