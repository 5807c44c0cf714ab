package io.appdbs.annotated.audit;

import io.appdbs.DatabasePackage;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

@Entity
@DatabasePackage("audit")
public class Entry {

	@Id
	private Long id;

	public Long getId() {
		return this.id;
	}

}
