package com.example.jpa.orders;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;

@Entity
public class PurchaseOrder {

	@Id
	@GeneratedValue
	private Long id;

	private String customer;

	protected PurchaseOrder() {
	}

	public PurchaseOrder(String customer) {
		this.customer = customer;
	}

	public String getCustomer() {
		return this.customer;
	}

}
