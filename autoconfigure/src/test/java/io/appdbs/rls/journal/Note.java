package io.appdbs.rls.journal;

import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;

@Entity
public class Note {

	@Id
	@GeneratedValue(strategy = GenerationType.IDENTITY)
	private Long id;

	@ManyToOne(fetch = FetchType.LAZY)
	@JoinColumn(name = "owner", insertable = false, updatable = false)
	private Author author;

	private String owner;

	protected Note() {
	}

	public Note(String owner) {
		this.owner = owner;
	}

	public String getOwner() {
		return this.owner;
	}

}
