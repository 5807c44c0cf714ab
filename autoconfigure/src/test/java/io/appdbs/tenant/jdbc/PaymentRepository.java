package io.appdbs.tenant.jdbc;

import org.springframework.data.repository.ListCrudRepository;

public interface PaymentRepository extends ListCrudRepository<Payment, Long> {

	Payment findByMarker(String marker);

}
