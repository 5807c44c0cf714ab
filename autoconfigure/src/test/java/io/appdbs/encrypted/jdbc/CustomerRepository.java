package io.appdbs.encrypted.jdbc;

import java.util.List;

import org.springframework.data.repository.ListCrudRepository;

public interface CustomerRepository extends ListCrudRepository<Customer, Long> {

	List<Customer> findByName(String name);

}
