package io.appdbs.warehouse.refunds;

import java.util.List;

import io.appdbs.warehouse.Code;

import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.ListCrudRepository;

public interface RefundRepository extends ListCrudRepository<Refund, Long> {

	List<Refund> findByCode(Code code);

	Page<Refund> findByAmountGreaterThan(int amount, Pageable page);

	@Query("select * from refund where amount = :amount")
	List<Refund> findWithAmount(int amount);

	@Modifying
	@Query("update refund set amount = amount + 1")
	int increaseAmounts();

}
