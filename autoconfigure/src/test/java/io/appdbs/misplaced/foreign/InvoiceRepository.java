package io.appdbs.misplaced.foreign;

import io.appdbs.misplaced.orders.Invoice;

import org.springframework.data.repository.CrudRepository;

public interface InvoiceRepository extends CrudRepository<Invoice, Long> {

}
