package com.example.shop.catalog;

import java.util.List;

import org.springframework.data.repository.ListCrudRepository;

public interface ProductRepository extends ListCrudRepository<Product, String> {

	List<Product> findByName(String name);

}
