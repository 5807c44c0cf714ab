package io.appdbs.rls.cached;

import jakarta.persistence.Cacheable;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/**
 * A note that is cacheable, in a package of its own that is scanned.
 */
@Entity
@Cacheable
@Table(name = "note")
public class CachedNote {

	@Id
	private Long id;

	private String owner;

}
