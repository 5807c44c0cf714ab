package io.appdbs.rls.journal;

import java.util.stream.Stream;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

public interface NoteRepository extends JpaRepository<Note, Long> {

	@Query("from Note n order by n.id")
	Stream<Note> streamAll();

}
