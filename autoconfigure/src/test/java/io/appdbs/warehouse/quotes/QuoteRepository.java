package io.appdbs.warehouse.quotes;

import java.util.List;

import io.appdbs.warehouse.Code;

import org.springframework.data.repository.ListCrudRepository;

public interface QuoteRepository extends ListCrudRepository<Quote, Long> {

	List<Quote> findTop2ByCodeOrderByIdDesc(Code code);

}
