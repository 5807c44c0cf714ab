package io.appdbs.shop.ledger;

import java.util.List;

import org.springframework.data.repository.ListCrudRepository;

public interface LedgerEntryRepository extends ListCrudRepository<LedgerEntry, Long> {

	List<LedgerEntry> findByText(String text);

}
