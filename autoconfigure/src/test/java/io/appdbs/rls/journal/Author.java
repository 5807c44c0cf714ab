package io.appdbs.rls.journal;

import java.util.List;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.OneToMany;

@Entity
public class Author {

	@Id
	private String name;

	@OneToMany(mappedBy = "author")
	private List<Note> notes;

	public List<Note> getNotes() {
		return this.notes;
	}

}
