package com.example.slices.audit;

import org.springframework.data.repository.ListCrudRepository;

public interface AuditEntryRepository extends ListCrudRepository<AuditEntry, Long> {

}
