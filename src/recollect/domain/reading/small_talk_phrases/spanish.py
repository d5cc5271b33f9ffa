"""What people say in Spanish when they greet, thank, agree or part; the form is told in the package."""

from typing import Final

CALLING: Final = """
(oh|muy|hey|ey|) (hola|ola|holi|holis|holaa|buenas|hey|ey|aló|hello|hi|epa|saludos|wenas|hla) (de nuevo|otra vez|a
todos|a todas|buenas|hola|nuevamente|), (hola|muy|) (buenos|buen|muy buenos) (días|día|dias), (hola|muy|) (buenas|muy
buenas) (tardes|noches|madrugadas|), buenas, (feliz|lindo|bonito|excelente|buen|hermoso|gran) (día|tarde|noche|fin de
semana|finde|semana|lunes|martes|miércoles|jueves|viernes|sábado|domingo|navidad|año|año nuevo|inicio de semana|
descanso|viaje|provecho|fiestas|comienzo de semana), felices fiestas, feliz navidad, bienvenido, bienvenida,
bienvenidos, qué (onda|hubo|pasa|pasó|hay|más|tal|tranza|lo que), quiubo, (mucho|un|es un|ha sido un|fue un|) (gusto|
placer) (en conocerte|conocerte|en conocerlo|conocerle|saludarte|verte|hablar contigo|mío|), (encantado|encantada) (de
conocerte|de conocerle|igualmente|), (ok|okey|vale|sí|no|perfecto|bien|muy bien|listo|genial|bueno|de acuerdo|ah|
excelente|super|pues|y|está bien|estupendo|) (gracias|grax|grcs|graciass|muchas gracias|mil gracias|graciela), (muchas|
mil|muchísimas|infinitas|tantas|millones de|un millón de|miles de) gracias, gracias (gracias|mil|totales|a ti|a usted|
a vos|a ustedes|a todos|a dios), (te|se|os|le|les) (lo|) (agradezco|agradecemos) (mucho|muchísimo|un montón|de corazón|
infinitamente|), (muy|estoy muy|quedo|) agradecido, (muy|) agradecida, (muy|qué|eres muy|es muy|es usted muy|sos muy|
tan) (amable|gentil|lindo|linda|bueno|buena onda), (eres|es|sos|es usted) (el mejor|la mejor|un sol|un genio|genial|un
ángel|lo máximo|un crack|increíble|un amor|lo mejor|un encanto|un cielo|maravilloso|maravillosa|un grande|grande|una
joya|muy útil|de gran ayuda|de mucha ayuda), (me|esto me|eso me|) (ayudaste|ayudó|ayuda|sirve|sirvió|ha ayudado|has
ayudado|fue) (mucho|muchísimo|bastante|de mucho|un montón|de mucha ayuda|muy útil), (ha sido|fue|es|eso es|esto es|
muy) (de mucha|de gran|muy|) (ayuda|útil|amable), adiós, adiosito, chao, chau, chaito, chaucito, bye, bay, bai, (hasta|
asta) (luego|pronto|mañana|la próxima|la vista|otra|después|más tarde|entonces|siempre|el lunes|ahora|otro día|la
proxima|lueguito|aquí|nunca), (nos|te|los) (vemos|veo|hablamos|leemos|escribimos|estamos viendo|escribo) (luego|pronto|
mañana|después|más tarde|otro día|ahí|en un rato|), (luego|mañana|después|) (hablamos|seguimos|platicamos|seguimos
hablando) (luego|mañana|después|pronto|más tarde|), cuídate (mucho|), cuídese (mucho|), cuidate, (que|) (tengas|tenga|
tengan|pases|pase|pasen|tengáis) (un|una|muy|un muy|una muy|) (buen|buena|buenas|excelente|lindo|linda|bonito|bonita|
feliz|gran|hermoso|bello|bonitos|super|lindas) (día|tarde|noche|noches|fin de semana|finde|semana|viaje|descanso|fin|
resto del día|domingo|jornada), que (te|le|les) vaya (muy|) (bien|bonito), que (descanses|descanse|duermas bien|duerma
bien|sueñes con los angelitos|sueñes bonito|te mejores|estés bien|esté bien|te diviertas|lo disfrutes|aproveche|te
vaya bien|así sea), (dulces|felices|bonitos|lindos) sueños, (duerme|descansa|duerma|descanse) bien, descansa, (buen|
buena|mucha|toda la|) suerte (con eso|), buen (viaje|provecho|finde|fin de semana|trabajo|camino|descanso|rollo|
punto), (un|muchos|mil|un fuerte|besos y|gran|) (abrazo|abrazos|saludo|saludos|beso|besos|besito|besitos|abrazote)
(fuerte|grande|enorme|para ti|), bss, bs, (saludos|saludo|atentos|reciba un) (cordiales|cordial|afectuosos|saludo),
(cordialmente|atentamente|atte), (muchas|) (felicidades|felicitaciones|enhorabuena|felicito|te felicito), (muy|) (bien|
bueno) hecho, (buen|gran|excelente|buenísimo|muy buen|lindo) (trabajo|aporte|detalle), bravo, ánimo, mil perdones, (ya|
) me voy, me tengo que ir, tengo que irme, (tú|usted) también, igualmente, ya (volví|vine|llegué|regresé), de nada,
(se|te) lo agradezco,
(ahora|ahorita|enseguida|ya) (vuelvo|regreso|vengo), (aquí|acá) estoy (de nuevo|otra vez|), gracias (de antemano|por
todo)
"""
"""Said anywhere; somebody may be named after it."""

AFTER: Final = """
(por|x) (tu|su|la|el|los|las|toda tu|toda su|toda la|tus|sus|esta|esa|este|vuestra|) (gran|pronta|valiosa|buena|rápida|
amable|) (ayuda|información|info|respuesta|respuestas|apoyo|consejo|consejos|tiempo|explicación|paciencia|atención|
aclaración|dato|datos|aviso|recordatorio|amabilidad|interés|sugerencia|sugerencias|comprensión|recomendación|charla|
servicio|colaboración|invitación|cumplido|recomendaciones|escucha), por (todo|eso|esto|ayudarme|responder|avisar|
avisarme|escucharme|escuchar|preguntar|contestar|explicarme|explicar|tanto|compartir|estar ahí|estar|venir|decirme|lo
que haces|la|nada|ayudar|recordarme|aclararlo|acordarte), de (nuevo|antemano|corazón|todo corazón|verdad|todas formas|
todos modos|parte mía), otra vez, nuevamente, igualmente, mil, siempre, también, a (ti|usted|vos|todos|todas|ustedes|
ti también|usted también|todos y todas|ti igual), tú también, usted también, para (ti|usted|todos|ti también|vos)
(también|), todos, todas, (mi|mis|querido|querida|queridos|estimado|estimada|) (amigo|amiga|amigos|amigas|amor|cielo|
vida|corazón|rey|reina|hermano|hermana|hermanos|gente|compañero|compañera|compañeros|colega|colegas|jefe|jefa|tesoro|
reyna|gordo|niña|niño|chico|chica|familia|equipo|bro), cariño, guapo, guapa, guapos, bonita, hermosa, hermoso, chicos,
chicas, chiquis, muchachos, tío, tía, tíos, mamá, papá, mami, papi, abuela, abuelo, señor, señora, señorita, señores,
don, doña, doctor, doctora, profe, profesor, profesora, wey, güey, we, pana, parce, che, loco, bro, compa, crack,
máquina, campeón, maestro, maestra, mundo, asistente, bot, robot, linda, lindo, ok
"""
"""Only after a calling one: whom it speaks to, and what for."""

PLAIN: Final = """
(y|hola|pues|oye|) (qué|k|q|ke) (tal|onda|hubo|pasó|hay|hay de nuevo|hay de bueno|cuentas|te cuentas|haces|más|
novedades|se cuenta) (todo|estás|el día|tu día|la vida|va todo|va|te va|has estado|por ahí|de nuevo|de bueno|está|
están|tu fin de semana|), (y|hola|) (cómo|como|komo) (estás|está|están|estáis|estas|te va|le va|les va|va|va todo|vas|
andas|andamos|va eso|has estado|ha estado|te sientes|amaneciste|amaneció|te encuentras|te ha ido|lo llevas|va la cosa|
va tu día|va el día|estuvo tu día|dormiste|fue tu día|estamos|sigues|sigue todo|van|está todo|te trata la vida) (hoy|
todo|tú|usted|esta mañana|esta noche|el día|), (todo|to|está todo|) (bien|ok|okay|en orden|tranquilo|correcto|listo|
perfecto|genial|claro|chévere|excelente|va bien|está bien|marcha bien) (por aquí|por ahí|contigo|por allá|gracias|y tú|
y usted|hoy|aquí|todo|), (y|) (tú|usted|vos|ustedes|a ti|tú qué tal|tú cómo estás|usted cómo está|tú qué|tú qué
cuentas|tú bien|qué tal tú), (estás|está|sigues|andas) (ahí|bien|despierto|ocupado|aquí|listo|por ahí), (espero|ojalá)
(que|) (estés|esté|estén|todo esté|todo vaya|te encuentres|hayas|te vaya|se encuentre|todo) (muy|) (bien|bien hoy),
(estoy|ando|sigo|me siento|yo|nosotros) (muy|) (bien|ok|mejor|feliz|contento|contenta|genial|aquí|listo|lista|
tranquilo|de acuerdo|también|igual|de vuelta|tampoco) (gracias|y tú|y usted|también|por suerte|), (muy|bastante|super|
qué|tan|más|re|súper|está|estuvo|está muy|es muy|es|eso es|eso está|eso es muy|suena|se ve|suena muy|me parece|me
parece muy|me parece una|qué cosa más|todo|qué tan|así|parece|eso suena|queda|quedó|va|) (bien|bueno|buena|buenísimo|
lindo|linda|bonito|interesante|divertido|gracioso|chistoso|triste|malo|mal|rico|claro|cierto|perfecto|perfecta|genial|
estupendo|excelente|fantástico|maravilloso|increíble|guay|chévere|bacán|padre|padrísimo|chido|copado|brutal|bestial|
tremendo|espectacular|impresionante|fenomenal|magnífico|súper|super|óptimo|correcto|verdad|justo|lógico|útil|raro|loco|
fuerte|así|todo|eso|mejor|buena idea|mejor así|hermoso|precioso|emocionante|fácil|posible|una buena idea|una gran idea|
una lástima|una pena|un buen plan|excelente idea|sencillo|cool|top|pena|lástima|alegría|risa|horror|miedo|maravilla|
suerte|detalle|gusto|amable|emoción|sorpresa|bonita|hermosa|locura|mala suerte|fastidio|vergüenza|asco|curioso|crack)
(gracias|y tú|y usted|entonces|así|hecho|dicho|también|para mí|no|eso|), (más o menos|regular|ahí vamos|ahí voy|aquí
andamos|aquí ando|aquí estamos|aquí|aquí estoy|acá andamos|tirando|sobreviviendo|ahí|ahí la llevo|no me quejo|no me
puedo quejar|como siempre|igual|igual que siempre|lo mismo de siempre|en eso|en la lucha|vamos tirando|así así|nada
nuevo|nada) (y tú|de nuevo|gracias|por aquí|), (yo|tú|usted|a mí|mí|ella|él|nosotros) (también|tampoco|igual), (ah|oh|
ay|uy|eh|mm|pues|bueno|hmm|aja|uh|oye|ya|ok|vale|sí|si|no|claro) (ok|okay|vale|ya|sí|si|no|claro|bueno|perfecto|bien|
entiendo|entonces|gracias|genial|ya veo|dios|dios mío|qué bien|qué bueno|pues|mira|cierto|verdad|hombre|mujer|listo|
señor|señora|está bien|de acuerdo|es verdad|es cierto|por favor|cómo no|ya entiendo|ya entendí|qué pena|nada|que sí|
que no|seguro|exacto|exactamente|wow|super|eso|eso es|así es|lo sé|lo entiendo|ya está|ya sé|muy bien|también|tampoco|
hay problema|pasa nada|te preocupes|se preocupe|importa|mucho|tanto|realmente|ahora|todavía|aún|por ahora|creo|lo creo|
me digas|puede ser|tienes razón|tiene razón|te lo puedo creer|es nada|hace falta|lo sabía|la verdad|gracias a ti|para
nada|manches|inventes|mames|way|da igual|sé), ok, okey, okay, oki, okis, okeydokey, okas, oka, k, kk, va, vale, vale
vale, vaya, sale, sale pues, dale, dale dale, dale pues, órale, ándale, ajá, aja, eso, eso eso, sí, si, sii, sip, sep,
simón, sipi, yes, yep, no, nop, nope, nel, nah, na, nones, qué va, ni modo, no no, sí sí, si si, claro, claro claro,
clarísimo, claro (que sí|que no|está|como el agua), por supuesto (que sí|que no|), desde luego (que sí|que no|), cómo
no, faltaba más, de (acuerdo|una|lujo|verdad|diez|acuerdo contigo|nada|pelos|maravilla|hecho|perlas), deacuerdo, (está|
ta|esta) (bien|ok|bueno|genial|perfecto|claro|listo|hecho|todo|entendido|muy bien|todo bien|padre|chido), ya (está|
entiendo|entendí|veo|ves|sé|lo sé|lo veo|lo entiendo|lo entendí|lo sabía|listo|vi|comprendo|comprendí|quedó|estuvo|es
todo|caigo|era hora|pues|), (lo|te|ahora|ya|ahora lo|creo que lo|sí|claro|) (entiendo|entendí|comprendo|comprendí|
capto|capté|tengo|tengo claro|veo|pillo|pillé|sabía|imagino|imaginaba|imaginé|suponía|apunto|anoto|tendré en cuenta|
haré|dudo|creo|prometo|sospechaba|noto|cacho) (perfectamente|ahora|mejor|bien|todo|), (entendido|comprendido|anotado|
recibido|apuntado|copiado|hecho|listo|lista|listos|terminado|trato|trato hecho|arreglado|hecho y derecho|cambio y
fuera|cambio y corto|confirmado), (exacto|exactamente|precisamente|correcto|cierto|efectivamente|totalmente|
absolutamente|definitivamente|completamente|obvio|obviamente|naturalmente|seguro|seguramente|sin duda|sin dudas|sin
problema|sin problemas|sin falta|sin prisa|evidentemente|ciertamente|probablemente|posiblemente|afirmativo|negativo|
justo|justamente|literal|tal cual|mismo|lo mismo|igualmente|igual|también|tampoco|ídem|x2) (eso|digo|que sí|de acuerdo|
así|gracias|para ti|contigo|), (así|eso) (es|mismo|parece|creo|espero|pienso|será|está|está mejor|era|fue todo|es todo|
es verdad|es cierto|sería todo|está bien|está perfecto|funciona|suena bien|sí|no|me gusta|me sirve|me parece bien|
dicen|digo yo|ayuda|tiene sentido), (es|) (verdad|cierto|correcto|posible|lo mismo|igual|así|eso|lógico), (tiene|hace)
(todo el|mucho|) sentido, (tienes|tiene|tenés|llevas) (toda la|mucha|) razón, (me|nos) (parece|gusta|encanta|alegro|
alegra|sirve|suena|da igual|da lo mismo|late|place|va bien|viene bien|parece bien|parece genial|parece perfecto|queda
claro|quedó claro|fascina|gustó|encantó|hizo gracia|río|muero|muero de risa|da risa|da pena) (bien|mucho|muchísimo|la
idea|eso|perfecto|genial|igual|por ti|muy bien|), (buena|gran|excelente|muy buena|qué buena|genial|mala) (idea|
pregunta|noticia|noticias|elección|onda|observación|respuesta|sugerencia|decisión|vibra|esa|por esa), buen (plan|punto|
dato|consejo|intento), buenas noticias, (de|por) nada, denada, no hay (de qué|de que|problema|por qué|drama|pena|prisa|
apuro|tema), (con|mucho|con mucho|) gusto, a (la orden|tu orden|sus órdenes|tus órdenes|ti|usted|mandar), para (eso
estamos|servirte|servirle|nada|eso estoy|mí también|mí), cuando (quieras|quiera|gustes|guste), (no|) (pasa nada|hay
problema|te preocupes|se preocupe|importa|te apures|se apure|fue nada|es nada|te agobies|tiene importancia|hay prisa|
es para tanto|tengo idea|lo sé|sé|estoy seguro|estoy segura|lo creo|me acuerdo|mucho|quiero|necesito nada más|
gracias), no (lo|) (sé|se) (aún|todavía|la verdad|muy bien|), nolose, nose, ns, (tranquilo|tranquila|tranqui|relax|
relájate|calma|descuida|descuide|olvídalo|olvida|olvídate|déjalo|déjalo así|da igual|da lo mismo|lo que sea|como
quieras|como sea|lo que quieras|me es igual), (quizá|quizás|tal vez|puede|puede ser|a lo mejor|capaz|depende|ojalá|eso
espero|espero|espero que sí|espero que no|supongo|supongo que sí|supongo que no|creo|creo que sí|creo que no|yo creo|
yo creo que sí|pienso que sí|parece que sí|me temo que no|veremos|ya veremos|a ver|quién sabe|lamentablemente|por
desgracia|por suerte|menos mal|gracias a dios|qué se le va a hacer), ni (idea|modo|hablar|loco|loca|de broma|puta
idea), (ja|je|ji|jo) (ja|je|ji|jo), xd, lol, wow, guau, uau, hala, ala, anda, uy, ups, ay, ouch, puf, uf, bah, buah,
hmm, mmm, eh, em, este, ah, oh, oye, hey, mira, caray, caramba, ostras, hostia, joder, híjole, chale, diantres, ojo,
(dios|dios mío|oh dios mío|madre mía|ay dios|santo cielo|por dios|ay dios mío|mi dios|virgen santa), (en|de|
hablas en|lo dices en) (serio|verdad), no (me digas|te creo|lo puedo creer|puede ser|puedo creerlo|manches|inventes),
de veras, (por|x) (favor|fa|fis), porfa, porfis, porfavor, pls, xfa, adelante, vamos, vámonos, venga, venga va, vamos
allá, ánimo, a darle, manos a la obra, (eso|con eso|) (es|fue|sería|) todo (por hoy|por ahora|gracias|de momento|),
(nada|nadie) más (gracias|por ahora|por hoy|), nada (especial|nuevo|de eso|que ver|grave), pues (nada|sí|no|bien|bueno|
claro|vale|ya|eso|), bueno (bueno|pues|ya|entonces|), entonces, y, o sea, además, luego, ntp, npi, tqm, tkm, tq, tk,
bn, grax, pq, xq, q, (ahora|) (me|te|nos) (voy|tengo que ir|marcho|retiro|despido|dejo|desconecto|piro|estoy yendo)
(ya|a dormir|a la cama|por hoy|), (ya|) me voy (yendo|a dormir|), (ya|me|) (tengo|debo|toca) (que|) (irme|ir|dejarte|
colgar|marcharme|irme ya), (ahora|ahorita|enseguida|luego|ya|en seguida|en un rato) (vuelvo|regreso|vengo|voy), ya
(volví|vine|llegué|regresé|estoy aquí|voy|vengo|vuelvo|me voy), (aquí|acá) (estoy|ando|vamos|sigo) (de nuevo|otra vez|
de vuelta|), he vuelto, soy yo (de nuevo|otra vez|), (un|dame un|espera un) (momento|segundo|minuto|momentito),
espera, (tú|usted|vos|ustedes) (también|igual|primero|), te (quiero|amo|adoro|extraño) (mucho|), (cuánto|cuanto) (me
alegro|lo siento|tiempo), tanto tiempo, cuánto tiempo sin vernos, (jaja|jeje) (sí|no|ok|vale|qué risa|gracias), amén,
cool, nice, super, top, ahora (sí|ya|entiendo|veo|lo entiendo|mismo|no), hecho, (ay|lo|oh|) (perdón|perdona|perdone|
perdóname|disculpa|disculpe|disculpas|disculpame|siento|siento mucho|lamento|lamento mucho|mil disculpas|mis disculpas|
la siento) (por eso|)
"""
"""Said anywhere."""
