package com.example.shop.orders;

import java.util.List;

import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.ListCrudRepository;

public interface PurchaseOrderRepository extends ListCrudRepository<PurchaseOrder, Long> {

	List<PurchaseOrder> findByCustomerName(String customerName);

	@Query("select count(o) from PurchaseOrder o where :product member of o.products")
	long countByProduct(String product);

}
