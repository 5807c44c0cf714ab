package io.appdbs.depot;

import java.util.stream.Stream;

import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

public interface PartRepository extends JpaRepository<Part, Long> {

	@Query("select upper(p.name) from Part p where p.id = :id")
	String findUpperName(Long id);

	@Query("from Part p order by p.id")
	Stream<Part> streamAll();

}
