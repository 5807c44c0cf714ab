package io.appdbs.shop.orders;

import java.util.List;

import org.springframework.data.repository.ListCrudRepository;

public interface CustomerOrderRepository extends ListCrudRepository<CustomerOrder, Long> {

	List<CustomerOrder> findByCustomerName(String customerName);

}
