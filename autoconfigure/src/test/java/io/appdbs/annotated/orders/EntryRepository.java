package io.appdbs.annotated.orders;

import org.springframework.data.repository.CrudRepository;

public interface EntryRepository extends CrudRepository<Receipt, Long> {

}
