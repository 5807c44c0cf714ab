package io.appdbs.annotated.orders;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

@Entity
public class Receipt {

	@Id
	private Long id;

	public Long getId() {
		return this.id;
	}

}
