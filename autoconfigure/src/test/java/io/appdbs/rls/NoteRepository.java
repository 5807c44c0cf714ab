package io.appdbs.rls;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.relational.core.mapping.Table;
import org.springframework.data.repository.ListCrudRepository;
import org.springframework.data.repository.query.Param;

/**
 * The notes in Spring Data JDBC.
 */
interface NoteRepository extends ListCrudRepository<NoteRepository.Note, Long> {

	List<Note> findByBodyStartingWith(String prefix);

	@Query("SELECT owner FROM note WHERE id > :id")
	List<String> findOwners(@Param("id") long id);

	@Modifying
	@Query("UPDATE note SET body = :body WHERE body = 'note 1'")
	int updateFirst(@Param("body") String body);

	/**
	 * A note.
	 */
	@Table("note")
	record Note(@Id @Nullable Long id, String owner, String body) {

	}

}
