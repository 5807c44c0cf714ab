package io.appdbs.annotated.audit;

import java.time.Instant;

import io.appdbs.DatabasePackage;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;

import org.springframework.data.annotation.CreatedDate;
import org.springframework.data.jpa.domain.support.AuditingEntityListener;

@Entity
@EntityListeners(AuditingEntityListener.class)
@DatabasePackage("audit")
public class Entry {

	@Id
	@GeneratedValue
	private Long id;

	@CreatedDate
	private Instant created;

	public Long getId() {
		return this.id;
	}

	public Instant getCreated() {
		return this.created;
	}

}
