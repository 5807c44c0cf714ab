package com.example.shop.orders;

import java.util.ArrayList;
import java.util.List;

import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;

@Entity
public class PurchaseOrder {

	@Id
	@GeneratedValue
	private Long id;

	private String customerName;

	@ElementCollection
	private List<String> products = new ArrayList<>();

	protected PurchaseOrder() {
	}

	public PurchaseOrder(String customerName, List<String> products) {
		this.customerName = customerName;
		this.products.addAll(products);
	}

	public Long getId() {
		return this.id;
	}

	public String getCustomerName() {
		return this.customerName;
	}

	public List<String> getProducts() {
		return this.products;
	}

}
