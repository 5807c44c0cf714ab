package com.example.slices;

import org.springframework.data.repository.ListCrudRepository;

public interface CustomerOrderRepository extends ListCrudRepository<CustomerOrder, Long> {

}
