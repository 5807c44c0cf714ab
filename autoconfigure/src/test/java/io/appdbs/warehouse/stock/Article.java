package io.appdbs.warehouse.stock;

import java.time.Instant;
import java.util.List;

import io.appdbs.warehouse.Code;

import org.springframework.data.annotation.CreatedDate;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.PersistenceCreator;
import org.springframework.data.relational.core.mapping.MappedCollection;
import org.springframework.data.relational.core.mapping.Table;

@Table
public record Article(@Id Long id, Code code, String name, List<String> tags, Details details,
		@MappedCollection(idColumn = "article", keyColumn = "position") List<Part> parts,
		@CreatedDate Instant created) {

	public Article(String code, String name, List<String> tags, Details details, Part... parts) {
		this(null, new Code(code), name, tags, details, List.of(parts), null);
	}

	@PersistenceCreator
	public Article {
	}

	public record Part(String name, int amount) {

	}

}
