//! Spanish.

use super::Glossary;

pub(super) static GLOSSARY: Glossary = Glossary {
    words: "
        zero: cero
        one: uno
        a: un una
        two: dos
        three: tres
        four: cuatro
        five: cinco
        six: seis
        seven: siete
        eight: ocho
        nine: nueve
        ten: diez
        eleven: once
        twelve: doce
        thirteen: trece
        fourteen: catorce
        fifteen: quince
        sixteen: dieciséis dieciseis
        seventeen: diecisiete
        eighteen: dieciocho
        nineteen: diecinueve
        twenty: veinte
        thirty: treinta
        forty: cuarenta
        fifty: cincuenta
        sixty: sesenta
        seventy: setenta
        eighty: ochenta
        ninety: noventa
        hundred: cien ciento
        thousand: mil miles
        million: millón millon millones
        dozen: docena docenas
        half: medio media
        minute: minuto
        minutes: minutos
        hour: hora
        hours: horas
        day: día dia
        days: días dias
        week: semana
        weeks: semanas
        month: mes
        months: meses
        quarter: trimestre
        quarters: trimestres
        year: año ano
        years: años
        dollar: dólar dólares
        euro: euro euros
        budget: presupuesto precio precios coste costes costo costos cuesta cuestan tarifa factura contrato licencia licencias \
            descuento importe facturación
        monthly: mensual mensuales mensualmente
        annually: anual anuales anualmente
        quarterly: trimestral
        daily: diario diaria
        per: por al
        to: a
        point: coma
        in: dentro en
        the: el la los las del
        of: de
        by: antes para
        until: hasta
        since: desde
        from: desde
        between: entre
        and: y e
        or: o u
        next: próximo próxima próximos próximas siguiente proximo proxima
        this: este esta
        last: pasado pasada último última
        every: cada
        today: hoy
        tomorrow: mañana
        yesterday: ayer
        ende: fin final finales
        mitte: mediados
        anfang: principios inicios comienzos
        with: con sin sobre que qué quien quién donde cuando como si pero porque no ni ya muy más menos también todavía yo tú él ella nosotros ellos usted ustedes mi su sus nuestro nuestra nuestros le les lo me se te nos es son era ser estar está están hay ha han he hemos tiene tienen puede pueden
        first: primero primer primera
        second: segundo segunda
        third: tercero tercer tercera
        fourth: cuarto cuarta
        ereyesterday: anteayer",
    months: [
        "enero ene",
        "febrero feb",
        "marzo",
        "abril abr",
        "mayo",
        "junio jun",
        "julio jul",
        "agosto ago",
        "septiembre setiembre sept sep",
        "octubre oct",
        "noviembre nov",
        "diciembre dic",
    ],
    weekdays: ["lunes", "martes", "miércoles miercoles", "jueves", "viernes", "sábado sabado", "domingo"],
    sure: "que para está están pero más también nuestro nuestra nosotros usted ustedes hemos tiene tienen puede pueden \
        porque cuando desde hasta año años meses días semanas semana hoy mañana ayer lunes martes miércoles jueves viernes \
        sábado domingo enero febrero marzo abril junio julio agosto septiembre octubre noviembre diciembre cuatro cinco seis \
        siete ocho nueve diez doce trece catorce veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien \
        ciento millón millones próximo próxima finales principios mediados muy sus antes unos unas quizás quizá \
        aproximadamente enviaré enviaremos cada mes",
    common: "de la el en un no me a se y o al son dos mil once euro sin si le les los las con del entre tres ya es su lo \
        como quince mayo euros una por sobre final",
    denials: "no
        nunca
        jamás
        sin
        ningún
        ninguno
        ninguna
        nada
        nadie
        tampoco",
    no_denials: "no solo
        no sólo
        no hay problema
        no más tarde
        no más de
        sin problema
        sin duda
        nada más",
    hedges: "quizás
        quizá
        tal vez
        probablemente
        posiblemente
        a lo mejor
        puede que
        podría
        podríamos
        podrían
        debería
        deberíamos
        deberían
        creo que
        creemos
        espero
        esperamos
        intentaré
        intentaremos
        vamos a intentar
        si es posible
        si todo va bien
        en principio
        por confirmar
        no es seguro
        no estoy seguro
        no puedo prometer
        no podemos garantizar
        ojalá
        tenemos previsto",
    firm: "le envío
        te envío
        os envío
        les envío
        le mando
        te mando
        vamos a enviar
        voy a enviar
        prometo
        prometido
        garantizado
        garantizamos
        está incluido
        está incluida
        están incluidos
        nos comprometemos
        me comprometo
        me encargo
        tendrá
        tendrán",
    promises: &[],
};
