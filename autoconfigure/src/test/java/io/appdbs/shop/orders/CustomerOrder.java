package io.appdbs.shop.orders;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;

@Entity
public class CustomerOrder {

	@Id
	@GeneratedValue
	private Long id;

	private String customerName;

	protected CustomerOrder() {
	}

	public CustomerOrder(String customerName) {
		this.customerName = customerName;
	}

	public Long getId() {
		return this.id;
	}

	public String getCustomerName() {
		return this.customerName;
	}

}
