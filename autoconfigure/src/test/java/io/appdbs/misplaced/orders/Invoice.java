package io.appdbs.misplaced.orders;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

@Entity
public class Invoice {

	@Id
	private Long id;

	public Long getId() {
		return this.id;
	}

}
