package io.appdbs.warehouse.stock;

import java.util.List;

import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.ListCrudRepository;

public interface ArticleRepository extends ListCrudRepository<Article, Long> {

	List<Article> findByNameStartingWithOrderByName(String prefix);

	Page<Article> findByNameContaining(String part, Pageable page);

	boolean existsByName(String name);

	@Query("select * from article where details ->> 'colour' = :colour")
	List<Article> findByColour(String colour);

}
