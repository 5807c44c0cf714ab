package com.example.slices.ledger;

import org.springframework.data.repository.ListCrudRepository;

public interface BookingRepository extends ListCrudRepository<Booking, Long> {

}
